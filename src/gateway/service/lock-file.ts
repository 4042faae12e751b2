import {z} from 'zod'

const schema = z.object({
  pid: z.number().int().positive(),
  configPath: z.string().min(1),
  port: z.number().int().positive().nullish().catch(null),
  /** Clock ticks since the machine was started. */
  startTime: z.number().nullish().catch(null),
})

export type GatewayLock = {pid: number; configFile: string; port: number | null; startTime: number | null}

/** What a running gateway says of itself; newer releases pad the file behind the document. */
export const readGatewayLock = (text: string): GatewayLock | null => {
  try {
    const {pid, configPath, port, startTime} = schema.parse(JSON.parse(text.slice(0, text.indexOf('}') + 1)))
    return {pid, configFile: configPath, port: port ?? null, startTime: startTime ?? null}
  } catch {
    return null
  }
}
