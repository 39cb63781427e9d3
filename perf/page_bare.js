// The bare page that perf/page.py times the page against: no framework, no texts, no check of anything. It fetches
// the same bytes, opens them, fills the same typed arrays, sorts them, and shows the same first screen as markup.
'use strict'
const SPAN = 24
const WINDOW = 3
function bytesOf(text) {
  const raw = atob(text)
  const bytes = new Uint8Array(raw.length)
  for (let at = 0; at < raw.length; at++) bytes[at] = raw.charCodeAt(at)
  return bytes
}
const get = (path) => fetch(path, { headers: { Accept: 'application/json' } }).then((answer) => answer.json())

async function openSealed(key, sealed, name) {
  const secret = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt'])
  const packed = await crypto.subtle.decrypt(
    { name: 'AES-GCM', iv: sealed.slice(1, 13), additionalData: new TextEncoder().encode(name) },
    secret,
    sealed.slice(13),
  )
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

async function segment(given, name, key) {
  const path = name.split('/').map(encodeURIComponent).join('/')
  const sealed = new Uint8Array(await (await fetch(`/api/book/segments/${path}`)).arrayBuffer())
  return openSealed(bytesOf(key), sealed, `vigie/book/v1|${given.firm}|${name}`)
}

const monthOf = (text) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1
const int64 = (view, at) => view.getInt32(at + 4, true) * 4294967296 + view.getUint32(at, true)

async function read(given) {
  const head = JSON.parse(new TextDecoder().decode(bytesOf((await get('/api/book')).head)))
  const months = Object.keys(head.segments).filter((name) => /^ledger\/\d{4}-\d{2}$/.test(name))
  const releases = await get('/api/releases')
  const [names, ledgers, cells] = await Promise.all([
    segment(given, 'names', given.names).then((plain) => JSON.parse(new TextDecoder().decode(plain)).clients),
    Promise.all(months.map((name) => segment(given, name, given.ledger))),
    Promise.all(releases.slice(-SPAN).map((one) => get(`/api/releases/${one.month}/cells`))),
  ])
  return { names, months: months.map((name) => monthOf(name.slice(7))), ledgers, cells }
}

function fill({ names, months, ledgers, cells }) {
  const n = names.length
  const keyOf = (bytes, at) => // the first six bytes tell 20,000 pseudonyms apart
    (bytes[at] + bytes[at + 1] * 256 + bytes[at + 2] * 65536) * 16777216 + (bytes[at + 3] + bytes[at + 4] * 256 + bytes[at + 5] * 65536)
  const rowOf = new Map(names.map((client, row) => [keyOf(bytesOf(client.pseudonym), 0), row]))
  const last = Math.max(...months)
  const width = SPAN + WINDOW - 1
  const paid = new Float64Array(n * width)
  const days = new Float64Array(n * width)
  const late = new Float64Array(n * width)
  const openDays = new Float64Array(n * width)
  const outstanding = new Float64Array(n)
  const notDue = new Float64Array(n)
  ledgers.forEach((bytes, index) => {
    const view = new DataView(bytes.buffer)
    const column = months[index] - last + width - 1
    for (let at = 112; at < bytes.length; at += 144) {
      const row = rowOf.get(keyOf(bytes, at))
      const place = row * width + column
      paid[place] = int64(view, at + 92)
      days[place] = int64(view, at + 100)
      openDays[place] = int64(view, at + 116)
      late[place] = int64(view, at + 60) + int64(view, at + 68) + int64(view, at + 76) + int64(view, at + 84)
      if (months[index] === last) {
        outstanding[row] = int64(view, at + 44)
        notDue[row] = int64(view, at + 52)
      }
    }
  })
  const ownLate = new Float32Array(n * SPAN)
  for (let row = 0; row < n; row++)
    for (let column = 0; column < SPAN; column++) {
      const end = row * width + column + WINDOW - 1
      const amount = late[end] + paid[end] + paid[end - 1] + paid[end - 2]
      ownLate[row * SPAN + column] = (openDays[end] + days[end] + days[end - 1] + days[end - 2]) / amount
    }
  const peersLate = new Float32Array(n * SPAN).fill(Number.NaN)
  for (const one of cells) {
    const [pseudonyms, found] = [bytesOf(one.pseudonyms), new Int16Array(bytesOf(one.days_late).buffer)]
    const column = monthOf(one.month) - last + SPAN - 1
    for (let at = 0; at < found.length; at++) peersLate[rowOf.get(keyOf(pseudonyms, at * 32)) * SPAN + column] = found[at]
  }
  const gap = Float32Array.from({ length: n }, (_, row) => Math.round(ownLate[row * SPAN + 23]) - peersLate[row * SPAN + 23])
  const overdue = Float64Array.from(outstanding, (owed, row) => owed - notDue[row])
  return { names, outstanding, overdue, gap, texts: names.map((client) => `${client.name} ${client.city}`.toLowerCase()) }
}

function order(values, names) {
  const rows = Uint32Array.from(values, (_, row) => row)
  return rows.sort((left, right) => {
    const [a, b] = [values[left], values[right]]
    return Number(a !== a) - Number(b !== b) || b - a || names[left].id - names[right].id
  })
}

// What perf/page.py calls: start(given) reads and shows; sortBy and filter show the rows that were photographed.
const bare = {
  async start(given) {
    bare.shown = given.markup
    bare.data = fill(await read(given))
    order(bare.data.overdue, bare.data.names)
    document.getElementById('page').innerHTML = given.markup.first
  },
  sortBy(column, state) {
    bare.rows = order(bare.data[column], bare.data.names)
    document.querySelector('tbody').innerHTML = bare.shown[state]
  },
  filter(text, state) {
    bare.rows = bare.rows.filter((row) => bare.data.texts[row].includes(text))
    document.querySelector('tbody').innerHTML = bare.shown[state]
  },
}
