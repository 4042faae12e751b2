import {z} from 'zod'
import {deviceSchema, type PairedDevice, pairedDevice} from './cli-output.ts'
import {jsonIn} from './json.ts'

const schema = z.record(z.string(), deviceSchema)

/** `devices/paired.json`: the devices by their ids. */
export const readDeviceStore = (text: string): readonly PairedDevice[] | null => {
  const read = schema.safeParse(jsonIn(text))
  return read.success ? Object.values(read.data).map(pairedDevice) : null
}
