// Loaded into a measured server by `node --require`: answers the bench over IPC what the process has used so far.
const v8 = require('node:v8')
const vm = require('node:vm')

// From the moment that the server has a message in its hands to the moment that it has given its answer away. Milliseconds.
const serverTimes = []
let receivedAt = null
const { emit } = process.stdin
process.stdin.emit = function (name, ...rest) {
  if (name === 'data' || name === 'readable') receivedAt ??= performance.now()
  return emit.call(this, name, ...rest)
}
const { uncork } = process.stdout
process.stdout.uncork = function () {
  uncork.call(this)
  if (receivedAt !== null) serverTimes.push(performance.now() - receivedAt)
  receivedAt = null
}

process.on('message', (request) => {
  if (request === 'collect') {
    v8.setFlagsFromString('--expose-gc')
    vm.runInNewContext('gc')()
  }
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed } = process.memoryUsage()
  process.send({ rss, heapUsed, cpuMilliseconds: (user + system) / 1000, serverTimes: serverTimes.splice(0) })
})
// The server ends when its editor says so, not when the bench closes this channel.
process.channel.unref()
