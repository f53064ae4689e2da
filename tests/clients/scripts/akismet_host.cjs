// Loaded before akismet-api's integration tests: their client is told of our host, and *.localhost is found.
const dns = require('node:dns')
const Akismet = require('akismet-api')

const lookup = dns.lookup
dns.lookup = (name, options, done) => lookup(name.endsWith('.localhost') ? '127.0.0.1' : name, options, done)
const { host } = new URL(process.env.BASE)
const make = Akismet.client
Akismet.client = (options) => make({ ...options, host: host.replace('127.0.0.1', 'localhost'), protocol: 'http' })
