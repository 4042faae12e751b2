// One client in a process of its own: what it is comes on standard input, with the token; it says `in`, and stays until it is ended.

import {type Caller, dial} from '../../src/demo/clients/rpc-client.ts'
import {deviceOf} from '../../src/demo/device.ts'

export type TestClient = Omit<Caller, 'device'> & {title: string; device?: string}

let text = ''
for await (const chunk of process.stdin) text += chunk
const {url, token, title, device, ...caller} = JSON.parse(text) as TestClient & {url: string; token: string}
process.title = title
const visit = dial(url, {...caller, ...(device ? {device: deviceOf(device)} : {})}, {token})
process.on('SIGTERM', () => visit.socket.close(1000))
process.stdout.write((await visit.admitted) ? 'in' : 'refused')
await visit.ended
process.exit()
