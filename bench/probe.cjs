// Loaded into a measured server by `node --require`: answers the bench, on a pipe of its own, what the process has used
// so far.
const net = require('node:net')
const { createInterface } = require('node:readline')
const v8 = require('node:v8')
const vm = require('node:vm')

// From the moment that the server has a message in its hands to the moment that it has given its answer away.
// Milliseconds.
const serverTimes = []
let receivedAt = null
const { emit, send } = process
process.emit = function (name, ...rest) {
  if (name === 'message') receivedAt ??= performance.now()
  return emit.call(this, name, ...rest)
}
process.send = function (...words) {
  const wasSent = send.apply(this, words)
  if (receivedAt !== null) serverTimes.push(performance.now() - receivedAt)
  receivedAt = null
  return wasSent
}

const pipe = new net.Socket({ fd: 4 })
createInterface(pipe).on('line', (request) => {
  if (request === 'collect') {
    v8.setFlagsFromString('--expose-gc')
    vm.runInNewContext('gc')()
  }
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed } = process.memoryUsage()
  const usage = { rss, heapUsed, cpuMilliseconds: (user + system) / 1000, serverTimes: serverTimes.splice(0) }
  pipe.write(`${JSON.stringify(usage)}\n`)
})
// The server ends when its editor says so, not when the bench closes this pipe.
pipe.unref()
