// Loaded into a measured server by `node --require`: answers the bench over IPC what the process has used so far.
const v8 = require('node:v8')
const vm = require('node:vm')

process.on('message', (request) => {
  if (request === 'collect') {
    v8.setFlagsFromString('--expose-gc')
    vm.runInNewContext('gc')()
  }
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed } = process.memoryUsage()
  process.send({ rss, heapUsed, cpuMilliseconds: (user + system) / 1000 })
})
// The server ends when its editor says so, not when the bench closes this channel.
process.channel.unref()
