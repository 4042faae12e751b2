import {z} from 'zod'
import {deviceSchema, type PairedDevice, pairedDevice} from './cli-said.ts'

const schema = z.record(z.string(), deviceSchema)

/** `devices/paired.json`: the devices by their ids. */
export const readDeviceStore = (text: string): readonly PairedDevice[] | null => {
  try {
    const read = schema.safeParse(JSON.parse(text))
    return read.success ? Object.values(read.data).map(pairedDevice) : null
  } catch {
    return null
  }
}
