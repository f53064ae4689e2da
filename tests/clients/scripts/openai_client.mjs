// openai for Node.
import assert from 'node:assert/strict'
import OpenAI from 'openai'

const { BASE, KEY } = process.env
const client = new OpenAI({ baseURL: `${BASE}/v1`, apiKey: KEY, maxRetries: 0 })
const { results } = await client.moderations.create({ input: ['Good morning.', 'You stupid idiot.'] })
assert.deepEqual(results.map((result) => result.flagged), [false, true])
assert(results[1].category_scores.harassment > 0.5)
const wrong = new OpenAI({ baseURL: `${BASE}/v1`, apiKey: 'wrong', maxRetries: 0 }).moderations.create({ input: 'x' })
await assert.rejects(wrong, (error) => error.status === 401 && error.code === 'invalid_api_key')
