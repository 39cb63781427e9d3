// What perf/blinding_page.py asks of either page, and what it notes of ours: tasks that blocked it for over 50 ms.
const CHUNK = 250
/** Under way at once in each of the page's workers, and how many identifiers each is (web/src/pseudonyms/coding.ts). */
const AT_ONCE = 2
const chunkOf = (total) => Math.min(500, Math.max(250, Math.ceil(total / 100)))
window.blocked = []
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) window.blocked.push([startTime, duration])
}).observe({ type: 'longtask' })

const until = (holds) =>
  new Promise((done) => {
    const look = () => (holds() ? done() : setTimeout(look, 5))
    look()
  })

// Milliseconds of one part of ours: begun or resumed, until `upto` are done, or it is paused and nothing is under way.
window.part = async ([upto, total, workers, first]) => {
  const bar = () => document.querySelector('#blinding')
  const toggle = () => {
    const button = document.querySelector('.progress button')
    if (!button) throw new Error(document.querySelector('[role=alert]')?.textContent ?? 'the page went on')
    button.click()
  }
  const most = workers * AT_ONCE * chunkOf(total)
  const begun = performance.now()
  if (first) {
    window.begun = begun
    document.querySelector('button.primary').click()
  } else toggle()
  await until(() => bar()?.max === total)
  if (upto >= total) {
    await until(() => !bar() || bar().value >= total)
    return performance.now() - begun
  }
  await until(() => !bar() || bar().value >= Math.max(1, upto - most))
  toggle()
  const underWay = bar().value + most
  await until(() => bar().value >= Math.min(underWay, total))
  return performance.now() - begun
}

// Milliseconds of the bare calls for so many identifiers.
window.bare = async ([count, workers]) => {
  const source = URL.createObjectURL(new Blob([document.querySelector('#bare').textContent], { type: 'text/javascript' }))
  const begun = performance.now()
  const share = Math.ceil(count / workers / CHUNK) * CHUNK
  const one = () =>
    new Promise((done, failed) => {
      const worker = new Worker(source)
      worker.onerror = (event) => failed(new Error(event.message))
      worker.onmessage = () => {
        worker.terminate()
        done()
      }
      worker.postMessage(share)
    })
  await Promise.all(Array.from({ length: workers }, one))
  return performance.now() - begun
}
