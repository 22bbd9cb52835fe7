// Of the last of the versions; each must have passed before the next one began.
def results = new groovy.json.JsonSlurper().parse(new File(basedir, 'target/minicluster/scenarios.json'))
assert results.scenarios*.outcome == ['passed']
def output = new File(basedir, 'build.log').text
assert output.count('1 scenario: 1 passed, 0 failed, 0 skipped; see ') == 2
assert output.contains('(v3.5.') && output.contains('(v4.0.')
