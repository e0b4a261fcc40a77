// Stands in for `@vscode/spdlog` in the tests' code-server. VS Code writes its logs and the text of every output panel
// through that package, whose own code must be compiled: half a minute and a C++ compiler, for appending to files.
const fs = require('node:fs')
const path = require('node:path')

exports.version = 0
exports.setLevel = () => undefined
exports.setFlushOn = () => undefined
exports.createRotatingLogger = createLogger
exports.createAsyncRotatingLogger = createLogger

async function createLogger(_name, file) {
  await fs.promises.mkdir(path.dirname(file), { recursive: true })
  return new Logger(file)
}

class Logger {
  #file
  #level = 0
  #isPlain = false

  constructor(file) {
    this.#file = file
    fs.closeSync(fs.openSync(file, 'a'))
  }

  trace(message) {
    this.#write(0, 'trace', message)
  }

  debug(message) {
    this.#write(1, 'debug', message)
  }

  info(message) {
    this.#write(2, 'info', message)
  }

  warn(message) {
    this.#write(3, 'warning', message)
  }

  error(message) {
    this.#write(4, 'error', message)
  }

  critical(message) {
    this.#write(5, 'critical', message)
  }

  getLevel() {
    return this.#level
  }

  setLevel(level) {
    this.#level = level
  }

  setPattern() {
    this.#isPlain = false
  }

  /** From now on messages are written as they are: an output panel's text. */
  clearFormatters() {
    this.#isPlain = true
  }

  flush() {}

  drop() {}

  #write(level, name, message) {
    if (level < this.#level) return
    const line = this.#isPlain ? message : `${new Date().toISOString()} [${name}] ${message}\n`
    fs.appendFileSync(this.#file, line)
  }
}
exports.Logger = Logger
