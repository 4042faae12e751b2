import fs from 'node:fs'
import {registerHooks} from 'node:module'
import {fileURLToPath} from 'node:url'
import {transformSync} from 'rolldown/utils'

// Node runs TypeScript as it is, but no JSX.
registerHooks({
  load(url, context, next) {
    if (!url.endsWith('.tsx')) return next(url, context)
    const file = fileURLToPath(url)
    const {code} = transformSync(file, fs.readFileSync(file, 'utf8'), {jsx: {runtime: 'automatic'}})
    return {format: 'module', source: code, shortCircuit: true}
  },
})
