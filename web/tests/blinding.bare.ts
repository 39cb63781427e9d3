/** A worker of bare library calls: what perf/blinding_page.py holds the page against, and what no implementation can do without. */

import { mulAddUnsafe } from '@noble/curves/abstract/curve.js'
import { ristretto255, ristretto255_oprf } from '@noble/curves/ed25519.js'

const { oprf, voprf } = ristretto255_oprf
const { Point } = ristretto255
const BATCH = 250
const HOLDERS = 2

/** Per identifier one blinding and one unblinding; per holder its element decoded and both composites weighed. */
self.onmessage = (event: MessageEvent<number>) => {
  const weights = Array.from({ length: BATCH }, () => Point.Fn.fromBytes(voprf.generateKeyPair().secretKey))
  for (let first = 0; first < event.data; first += BATCH) {
    const inputs = Array.from({ length: BATCH }, (_, at) => new TextEncoder().encode(`fr.siren:${String(first + at).padStart(9, '0')}`))
    const made = inputs.map((input) => voprf.blind(input))
    for (let holder = 0; holder < HOLDERS; holder++) {
      const points = made.map((one) => Point.fromBytes(one.blinded))
      mulAddUnsafe(Point, points, weights)
      mulAddUnsafe(Point, points, weights)
    }
    inputs.forEach((input, at) => oprf.finalize(input, made[at]!.blind, made[at]!.blinded))
  }
  self.postMessage('done')
}
