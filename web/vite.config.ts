import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig, type Plugin } from 'vite'

/** What of Svelte only other screens use. */
const LATER = String.raw`(?!.*(bindings/(input|select|shared|size|window)|blocks/(key|svelte-element)|shared/clone)\.)`
const FIRST = new RegExp(
  [
    String.raw`node_modules/(svelte|clsx|esm-env)/${LATER}`,
    String.raw`src/(bytes|month|route|screens|session|vault|workers)(\.svelte)?(\.ts)?$`,
    String.raw`src/(parts|portfolio|book)/(?!download|order|PrintFoot|TalkTo|export|sector|saving|alertWords|told|headlines)`,
    String.raw`src/network/(?!roster\.|talks|backlog)`,
    String.raw`src/keys/(seal|account_key|derivation|role_keys)\.`,
    String.raw`src/uploads/encoding\.`,
    String.raw`src/charts/(Strip|axis)\b`,
    String.raw`src/screens/(Frame|Morning|News|strips|view|counts)\b`,
    String.raw`src/text/(language|numbers|parts|widen)\b`,
    String.raw`noble/hashes/(sha2\.js\?|_md|_u64|utils)`,
  ].join('|'),
)

/** The first screen hashes with SHA-256 alone: SHA-512's constants, which signing needs, compress to nothing less. */
const SHA256_ALONE: Plugin = {
  name: 'sha256-alone',
  enforce: 'pre',
  async resolveId(source, importer) {
    if (source !== '@noble/hashes/sha2.js' || !importer?.endsWith('/src/network/merkle.ts')) return null
    const found = await this.resolve(source, importer, { skipSelf: true })
    return found && `${found.id}?sha256`
  },
}

/** Beside each script, style and picture its gzip and brotli, made once: what serves the page (server/page.py) compresses nothing. */
const PRECOMPRESSED: Plugin = {
  name: 'precompressed',
  apply: 'build',
  async writeBundle({ dir }, bundle) {
    for (const name of Object.keys(bundle).filter((one) => /^assets\/.*\.(js|css|svg)$/.test(one))) {
      const path = join(dir!, name)
      const content = await readFile(path)
      for (const [ending, packed] of [['gz', gzipSync(content, { level: 9 })], ['br', brotliCompressSync(content)]] as const)
        if (packed.length < content.length) await writeFile(`${path}.${ending}`, packed)
    }
  },
}

// The page is served under a strict policy: no inline script, style or data: URL may appear in what is built.
export default defineConfig({
  plugins: [SHA256_ALONE, svelte(), PRECOMPRESSED],
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    rolldownOptions: {
      checks: { pluginTimings: false },
      // What every screen or the first one needs is one file: thirty small ones compress a fifth worse.
      output: { codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: 'page', test: FIRST }] } },
    },
  },
})
