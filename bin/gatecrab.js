#!/usr/bin/env node
import {enableCompileCache} from './compile-cache.js'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `gatecrab needs Node 22.19 or newer; this is ${process.version}. OpenClaw 2026.9 needs Node 24 as well: run gatecrab with that one. In a clone, "npm start" does.\n`,
  )
  process.exit(64)
}
enableCompileCache()
await import('../dist/gatecrab.js')
