import {fileURLToPath} from 'node:url'

// Ink imports react-devtools-core only in development, but a bundler hoists that import, so it must resolve to something.
const nothing = fileURLToPath(new URL('src/sources/no-devtools.ts', import.meta.url))

// Imports of Node's own modules stand at the top of the one file, where every command would load them. Here each is loaded when it is used.
const atOnce = /^node:(?:buffer|events|fs|module|os|path|process|url|util)$/
const lateModules = {
  name: 'late-modules',
  resolveId: id => (id.startsWith('node:') && !atOnce.test(id) ? `\0${id}.cjs` : null),
  load: async id => {
    if (!id.startsWith('\0node:')) return null
    const name = id.slice(1, -4)
    return `const late = key => ({enumerable: true, get: () => process.getBuiltinModule('${name}')[key]})
      for (const key of ${JSON.stringify(Object.keys(process.getBuiltinModule(name)))}) Object.defineProperty(module.exports, key, late(key))`
  },
}

// Most texts have no wide and no combining character: the package's own tables take 30 ms to be read.
const quickWidth = fileURLToPath(new URL('src/tui/parts/quick-width.cjs', import.meta.url))
const quickWidths = {
  name: 'quick-widths',
  resolveId: (id, importer) => (id === 'string-width' && importer !== quickWidth ? quickWidth : null),
}

const program = (input, file) => ({
  input,
  platform: 'node',
  plugins: [lateModules, quickWidths],
  external: ['bufferutil', 'utf-8-validate'],
  resolve: {alias: {'react-devtools-core': nothing}},
  transform: {define: {'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"', fetch: 'undefined'}},
  output: {
    file,
    format: 'esm',
    codeSplitting: false,
    comments: false,
    minify: {compress: false, mangle: false, codegen: {removeWhitespace: true}},
  },
})

export default [
  program('src/main.ts', 'dist/gatecrab.js'),
  program('src/sources/log/reading-thread.ts', 'dist/reading-thread.js'),
]
