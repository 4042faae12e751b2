import {connect} from 'node:net'

/** Connects to a port and holds on until it is ended. */
const [port = ''] = process.argv.slice(2)
const socket = connect(Number(port), '127.0.0.1', () => process.stdout.write(String(socket.localPort)))
socket.on('close', () => process.exit())
