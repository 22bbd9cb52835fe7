// How the tests ended is written by itself, with whatever JUnit.
def results = new groovy.json.JsonSlurper().parse(new File(basedir, 'target/minicluster/scenarios.json'))
assert results.scenarios*.outcome.countBy { it } == [passed: 5]
assert new File(basedir, 'target/minicluster/report/index.html').text.contains('each invocation has a cluster of its own')

// Nothing logs here, so what is to be seen is said.
def output = new File(basedir, 'build.log').text
assert output.count('pg-minicluster: servers run as: ') == 1
assert output.count('pg-minicluster: 5 scenarios: 5 passed, 0 failed, 0 skipped; see ') == 1
