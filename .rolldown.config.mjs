import {fileURLToPath} from 'node:url'

// Ink imports react-devtools-core only in development, but a bundler hoists that import, so it must resolve to something.
const nothing = fileURLToPath(new URL('src/sources/no-devtools.ts', import.meta.url))

export default {
  input: 'src/main.ts',
  platform: 'node',
  external: ['bufferutil', 'utf-8-validate'],
  resolve: {alias: {'react-devtools-core': nothing}},
  transform: {define: {'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"'}},
  output: {file: 'dist/gatecrab.js', format: 'esm', codeSplitting: false, comments: false},
}
