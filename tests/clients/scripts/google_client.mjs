// googleapis, made from our Discovery document.
import assert from 'node:assert/strict'
import { google } from 'googleapis'

const { BASE, KEY } = process.env
const client = await google.discoverAPI(`${BASE}/$discovery/rest?version=v1alpha1`)
const resource = { comment: { text: 'You stupid idiot.' }, requestedAttributes: { TOXICITY: {} } }
const { data } = await client.comments.analyze({ key: KEY, resource })
assert(data.attributeScores.TOXICITY.summaryScore.value > 0.5)
const wrong = client.comments.analyze({ key: 'wrong', resource })
await assert.rejects(wrong, (error) => Number(error.code ?? error.status) === 400 && /API key not valid/.test(error.message))
