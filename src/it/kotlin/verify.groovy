def results = new groovy.json.JsonSlurper().parse(new File(basedir, 'target/minicluster/scenarios.json'))
assert results.scenarios*.outcome == ['passed']
