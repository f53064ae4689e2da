// @cedx/akismet.
import assert from 'node:assert/strict'
import { Author, Blog, CheckResult, Client, Comment } from '@cedx/akismet'

const { BASE, KEY } = process.env
const blog = new Blog({ url: 'https://gazette.example', charset: 'UTF-8', languages: ['en'] })
const client = new Client(KEY, blog, { baseUrl: BASE })
assert(await client.verifyKey())
assert(!await new Client('wrong', blog, { baseUrl: BASE }).verifyKey())
const author = new Author({ ipAddress: '192.0.2.1', name: 'Ada', userAgent: 'Mozilla/5.0' })
const ham = new Comment({ author, content: 'The tram will help the nurses at night.', type: 'comment' })
const spam = new Comment({ author, content: 'You are a disgusting stupid idiot, you garbage.', type: 'comment' })
assert.equal(await client.checkComment(ham), CheckResult.ham)
assert.equal(await client.checkComment(spam), CheckResult.spam)
await client.submitSpam(spam)
await client.submitHam(ham)
