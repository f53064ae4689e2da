// perspective-api-client, its requests turned to us by its own copy of axios.
const assert = require('node:assert/strict')
const { createRequire } = require('node:module')
const axios = createRequire(require.resolve('perspective-api-client'))('axios')
const Perspective = require('perspective-api-client')

const { BASE, KEY } = process.env
axios.interceptors.request.use((config) => ({ ...config, url: config.url.replace('https://commentanalyzer.googleapis.com', BASE) }))

async function main () {
  const client = new Perspective({ apiKey: KEY })
  const found = await client.analyze('<b>You stupid idiot.</b>', { attributes: ['toxicity', 'insult'] })
  assert(found.attributeScores.TOXICITY.summaryScore.value > 0.5)
  const wrong = new Perspective({ apiKey: 'wrong' }).analyze('Good morning.')
  await assert.rejects(wrong, (error) => error.name === 'ResponseError' && /API key not valid/.test(error.message))
  const unknown = client.analyze('Good morning.', { attributes: ['FLIRTATION'] })
  await assert.rejects(unknown, (error) => /Unknown requested attribute: FLIRTATION/.test(error.message))
}
main().catch((error) => { console.error(error); process.exit(1) })
