import fs from 'node:fs'
import path from 'node:path'
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

/** One character beyond Latin-1 makes V8 keep all the text at two bytes each, for as long as the program runs. */
const asciiOnly = {
  name: 'ascii-only',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle))
      if (chunk.type === 'chunk')
        chunk.code = chunk.code.replace(/[^\0-\x7f]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  },
}

/** The folder of the package that a module is of; null for one of ours. */
const packageOf = id => {
  const at = id.lastIndexOf('/node_modules/')
  if (at < 0) return null
  const [scope, name] = id.slice(at + '/node_modules/'.length).split('/')
  return path.join(id.slice(0, at), 'node_modules', scope, scope.startsWith('@') ? name : '')
}

const ownLicence = fs.readFileSync(new URL('LICENSE', import.meta.url), 'utf8')

/** A package that only names the MIT licence has its text all the same. */
const licenceIn = (folder, {author}) => {
  const file = fs.readdirSync(folder).find(name => /^licen[cs]e/i.test(name))
  if (file !== undefined) return fs.readFileSync(path.join(folder, file), 'utf8').trim()
  return ownLicence.replace(/^Copyright.*$/m, `Copyright (c) ${author?.name ?? author}`).trim()
}

const noticeOf = folder => {
  const described = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'))
  return `${described.name} ${described.version} (${described.license})\n\n${licenceIn(folder, described)}\n`
}

/** The packages are part of the bundle, so their licences go with it. */
const notices = {
  name: 'notices',
  generateBundle(_options, bundle) {
    const ids = Object.values(bundle).flatMap(({modules = {}}) => Object.keys(modules))
    const folders = [...new Set(ids.map(packageOf).filter(Boolean))]
    const source = [...new Set(folders.map(noticeOf))].sort().join(`\n${'-'.repeat(80)}\n\n`)
    this.emitFile({type: 'asset', fileName: 'THIRD-PARTY.txt', source})
  },
}

const program = (input, file, plugins = []) => ({
  input,
  platform: 'node',
  plugins: [lateModules, quickWidths, asciiOnly, ...plugins],
  external: ['bufferutil', 'utf-8-validate'],
  resolve: {alias: {'react-devtools-core': nothing}},
  transform: {define: {'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"', fetch: 'undefined'}},
  output: {
    file,
    format: 'esm',
    codeSplitting: false,
    comments: false,
    // The names of functions stay, for whoever reads a crash.
    minify: {compress: false, mangle: {keepNames: true}, codegen: {removeWhitespace: true}},
  },
})

export default [
  program('src/main.ts', 'dist/gatecrab.js', [notices]),
  program('src/sources/log/reading-thread.ts', 'dist/reading-thread.js'),
]
