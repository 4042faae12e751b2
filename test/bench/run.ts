import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {parseArgs} from 'node:util'
import {curves} from './curves.ts'
import {follow} from './follow.ts'
import {history} from './history.ts'
import {openclaw} from './openclaw.ts'
import {type Group, holds, type Row, ratioOf, tableHead, tableRow} from './rows.ts'
import {screen} from './screen.ts'
import {startup} from './startup.ts'

// npm run bench -- [GROUP…] [--quick] [--json FILE]     what it costs, beside others on the same data, run in turn

const groups: Readonly<Record<string, Group>> = {history, curves, startup, follow, screen, openclaw}

const {positionals, values} = parseArgs({
  allowPositionals: true,
  options: {quick: {type: 'boolean', default: false}, json: {type: 'string'}},
})

const unknown = positionals.find(name => !(name in groups))
if (unknown !== undefined) {
  process.stderr.write(`bench: no group is called ${JSON.stringify(unknown)}; there are ${Object.keys(groups).join(', ')}\n`)
  process.exit(64)
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-bench-'))
const machine = {
  cpu: os.cpus()[0]?.model ?? 'unknown',
  cores: os.availableParallelism(),
  memoryGb: Math.round(os.totalmem() / 2 ** 30),
  node: process.version,
  system: `${os.type()} ${os.release()}`,
  load: os.loadavg()[0] ?? 0,
}
const date = new Date().toISOString()
const rows: Row[] = []

process.stdout.write(
  `${date.slice(0, 16)}, ${machine.cpu}, ${machine.cores} cores, ${machine.system}, Node ${machine.node}, load ${machine.load.toFixed(1)} before\n\n`,
)
process.stdout.write(tableHead())
try {
  for (const [name, measure] of Object.entries(groups)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue
    await measure({isQuick: values.quick, folder}, found => {
      const row = {group: name, ...found}
      rows.push(row)
      process.stdout.write(tableRow(row))
    })
  }
} finally {
  fs.rmSync(folder, {recursive: true, force: true})
}
const result = {date, machine, isQuick: values.quick, rows: rows.map(row => ({...row, ratio: ratioOf(row), holds: holds(row)}))}
const json = `${JSON.stringify(result, null, 2)}\n`
if (values.json === undefined) process.stdout.write(`\n${json}`)
else fs.writeFileSync(values.json, json)
