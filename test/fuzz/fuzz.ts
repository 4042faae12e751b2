import {Buffer} from 'node:buffer'
import {setFlagsFromString} from 'node:v8'
import {runInNewContext} from 'node:vm'
import {Worker} from 'node:worker_threads'
import fc from 'fast-check'
import {onTestFinished, test} from 'vitest'

/** The same inputs every time in `npm test`; `npm run fuzz` sets another seed for each pass, and how many inputs. */
const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_121)
const inputsAsked = process.env['FUZZ_INPUTS'] === undefined ? null : Number(process.env['FUZZ_INPUTS'])
const isOpenEnded = inputsAsked !== null

const maxMs = 50
const maxGrowthBytes = 64 * 2 ** 20
const warmUp = 200
const maxTries = 3

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const heapAfterCollection = (): number => {
  collect()
  return process.memoryUsage().heapUsed
}

/** As it can be pasted into a fixture; bytes as base64, what is long by its beginning. */
const written = (value: unknown): string =>
  JSON.stringify(
    value,
    (_, part) => (part?.type === 'Buffer' ? {base64: Buffer.from(part.data).toString('base64')} : part),
    2,
  ).slice(0, 20_000)

/** One input that never ends keeps its thread, and with it whoever could tell: another thread watches the count. */
const watchdog = `
  const {workerData: {tried, title, seed}} = require('node:worker_threads')
  let [last, since] = [0, performance.now()]
  setInterval(() => {
    if (tried[0] !== last) [last, since] = [tried[0], performance.now()]
    else if (performance.now() - since > 10_000) {
      require('node:fs').writeSync(2, title + ': seed ' + seed + ', path "' + (last - 1) + '" has not ended for 10 s\\n')
      since = Infinity
    }
  }, 1000)
`

const watch = (title: string, tried: Int32Array): Worker | null =>
  isOpenEnded ? new Worker(watchdog, {eval: true, workerData: {tried, title, seed}}) : null

type Fuzz<T, O> = {
  inputs: fc.Arbitrary<T>
  /** How many `npm test` tries. */
  count: number
  /** What is measured: one input may take no longer than 50 ms. */
  run: (input: T) => O
  /** What must hold of what it gave back. */
  check: (output: Awaited<O>, input: T) => void
  /** One that waits for the disk many times says nothing by how long it takes. */
  isTimed?: boolean
}

type Ran<O> = {output: Awaited<O>; elapsedMs: number}

const runOnce = async <T, O>(run: (input: T) => O, input: T): Promise<Ran<O>> => {
  const began = performance.now()
  const output = await run(input)
  return {output, elapsedMs: performance.now() - began}
}

/** A machine that is busy and a collection of garbage are no fault of an input: the shortest of several tries counts. */
const runTimed = async <T, O>(run: (input: T) => O, input: T): Promise<Ran<O>> => {
  let shortest = await runOnce(run, input)
  for (let tries = 1; tries < maxTries && shortest.elapsedMs > maxMs; tries += 1) {
    const again = await runOnce(run, input)
    if (again.elapsedMs < shortest.elapsedMs) shortest = again
  }
  return shortest
}

const report = (
  title: string,
  {inputs, began, slowest, grown}: {inputs: number; began: number; slowest: number; grown: number},
) =>
  console.log(
    `${title}: ${inputs} inputs in ${((performance.now() - began) / 1000).toFixed(1)} s, ${slowest === 0 ? 'not timed' : `slowest ${slowest.toFixed(1)} ms`}, heap ${grown < 0 ? '' : '+'}${(grown / 2 ** 20).toFixed(1)} MB`,
  )

/**
 * One property as a test. In `npm run fuzz` each input is timed as well, and the heap must be as small afterwards as before; a
 * timed test would fail on a busy machine.
 */
export const fuzz = <T, O>(title: string, {inputs, count, run, check, isTimed = true}: Fuzz<T, O>): void => {
  test(
    title,
    async () => {
      const tried = new Int32Array(new SharedArrayBuffer(4))
      const dog = watch(title, tried)
      onTestFinished(() => void dog?.terminate())
      let slowest = 0
      const property = fc.asyncProperty(inputs, async input => {
        tried[0]! += 1
        const {output, elapsedMs} = await (isOpenEnded && isTimed ? runTimed : runOnce)(run, input)
        check(output, input)
        if (!isOpenEnded || !isTimed || tried[0]! <= warmUp) return
        slowest = Math.max(slowest, elapsedMs)
        if (elapsedMs > maxMs) throw new Error(`it took ${Math.round(elapsedMs)} ms`)
      })
      const began = performance.now()
      const before = isOpenEnded ? heapAfterCollection() : 0
      const numRuns = inputsAsked ?? count
      const {failed, counterexample, errorInstance, counterexamplePath} = await fc.check(property, {seed, numRuns})
      if (failed) {
        const smallest = written(counterexample?.[0])
        throw new Error(`seed ${seed}, path ${counterexamplePath}: the smallest input is\n${smallest}`, {cause: errorInstance})
      }
      if (!isOpenEnded) return
      const grown = heapAfterCollection() - before
      report(title, {inputs: numRuns, began, slowest, grown})
      if (grown > maxGrowthBytes)
        throw new Error(`seed ${seed}: the heap is ${Math.round(grown / 2 ** 20)} MB larger than before`)
    },
    isOpenEnded ? 24 * 3_600_000 : 60_000,
  )
}
