/** The least a Node program can be: a listening HTTP server. */
import { createServer } from 'node:http';

createServer((_request, response) => response.end()).listen(0, '127.0.0.1', () => process.send?.('ready'));
process.on('disconnect', () => process.exit(0));
