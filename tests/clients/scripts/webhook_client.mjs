// standardwebhooks for Node verifies what we have sent.
import assert from 'node:assert/strict'
import { Webhook } from 'standardwebhooks'

const { secret, body, headers } = JSON.parse(process.env.SENT)
assert.equal(new Webhook(secret).verify(body, headers).type, 'comment.decided')
