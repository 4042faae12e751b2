import {fileURLToPath} from 'node:url'

// Ink imports react-devtools-core only in development, but a bundler hoists that import, so it must resolve to something.
const nothing = fileURLToPath(new URL('src/sources/no-devtools.ts', import.meta.url))

// Imports of Node's own modules stand at the top of the one file, where every command would load them. These cost the most.
const late = /^node:(?:https?|sqlite|crypto|child_process|readline\/promises|dns\/promises|tls|v8)$/
const lateModules = {
  name: 'late-modules',
  resolveId: id => (late.test(id) ? `\0${id}.cjs` : null),
  load: id => (id.startsWith('\0node:') ? `module.exports = process.getBuiltinModule('${id.slice(1, -4)}')` : null),
}

const program = (input, file) => ({
  input,
  platform: 'node',
  plugins: [lateModules],
  external: ['bufferutil', 'utf-8-validate'],
  resolve: {alias: {'react-devtools-core': nothing}},
  transform: {define: {'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"'}},
  output: {file, format: 'esm', codeSplitting: false, comments: false},
})

export default [
  program('src/main.ts', 'dist/gatecrab.js'),
  program('src/sources/log/reading-thread.ts', 'dist/reading-thread.js'),
]
