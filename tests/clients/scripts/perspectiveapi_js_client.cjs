// @conversationai/perspectiveapi-js-client, its private address replaced.
const assert = require('node:assert/strict')
const { Client } = require('@conversationai/perspectiveapi-js-client')

const { BASE, KEY } = process.env

async function main () {
  const client = new Client(KEY)
  client.perspectiveApiUrl = `${BASE}/v1alpha1/comments:analyze?key=${KEY}`
  const scores = await client.getScores('You stupid idiot.')
  assert(scores.TOXICITY > 0.5)
  assert.equal(scores.SPAM, 0)
}
main().catch((error) => { console.error(error); process.exit(1) })
