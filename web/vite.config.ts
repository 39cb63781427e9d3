import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

const FIRST = new RegExp(
  [
    String.raw`node_modules/(svelte|clsx|esm-env)/`,
    String.raw`src/(bytes|month|route|screens|session|vault|workers)(\.svelte)?(\.ts)?$`,
    String.raw`src/(parts|portfolio|book)/(?!download|order|PrintFoot|export|sectors|saving|alertWords|headlines)`,
    String.raw`src/network/(?!roster\.|talks|backlog)`,
    String.raw`src/keys/(seal|account_key|derivation)\.`,
    String.raw`src/uploads/encoding\.`,
    String.raw`src/charts/(Strip|axis)\b`,
    String.raw`src/followups/followups\.`,
    String.raw`src/screens/(Frame|Morning|News|strips|view|counts)\b`,
    String.raw`src/text/(language|numbers|parts|widen)\b`,
    String.raw`noble/hashes/(sha2|_md|_u64|utils)`,
  ].join('|'),
)

// The page is served under a strict policy: no inline script, style or data: URL may appear in what is built.
export default defineConfig({
  plugins: [svelte()],
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
