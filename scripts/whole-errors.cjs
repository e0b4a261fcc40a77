// A failed test shows the reason of an error of ours, too: mocha prints only what happened.
exports.mochaHooks = {
  afterEach() {
    const error = this.currentTest?.err
    if (typeof error?.why !== 'string' || error.why === '') return
    const { message, why } = error
    error.message = `${message}\n${why}`
    error.stack = error.stack?.replace(message, () => error.message)
  },
}
