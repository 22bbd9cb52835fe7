// What README.md promises to be there afterwards.
def minicluster = new File(basedir, 'target/minicluster')
def results = new groovy.json.JsonSlurper().parse(new File(minicluster, 'scenarios.json'))
assert results.scenarios*.outcome == ['passed']
assert new File(minicluster, 'report/index.html').text.contains('an update reaches every copy')
def ofTest = new File(minicluster, 'HomeworkIT.an_update_reaches_every_copy')
assert new File(ofTest, 'vm1.log').file
assert new File(ofTest, 'journal.jsonl').file

def output = new File(basedir, 'build.log').text
assert output.count('servers run as: ') == 1
assert !output.contains('SLF4J(W)')
