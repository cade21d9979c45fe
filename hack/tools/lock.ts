import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';

/**
 * Runs `work` while no other process of this machine runs work under the same name.
 *
 * The lock is a socket in Linux's abstract namespace: the kernel frees it when its owner dies, however it dies, so
 * there is no stale lock to detect. Who comes second connects and waits for the connection to end.
 */
export async function withLock<T>(
  name: string,
  work: () => Promise<T>,
  onWait: () => void = () => undefined,
): Promise<T> {
  const address = `\0autonomic-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
  for (let waited = false; ; waited = true) {
    const server = await listen(address);
    if (server === null) {
      if (!waited) onWait();
      await untilFree(address);
      continue;
    }
    try {
      return await work();
    } finally {
      server.close();
    }
  }
}

/** null when the address is taken. */
async function listen(address: string): Promise<Server | null> {
  const server = createServer();
  // Waiting processes hold a connection; ending them is what tells them that the lock is free.
  const waiting = new Set<{ destroy: () => void }>();
  server.on('connection', (socket) => {
    waiting.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => waiting.delete(socket));
  });
  server.listen(address);
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return null;
    throw error;
  }
  const close = server.close.bind(server);
  server.close = (callback) => {
    const closed = close(callback);
    for (const socket of waiting) socket.destroy();
    return closed;
  };
  return server;
}

async function untilFree(address: string): Promise<void> {
  const socket = connect(address);
  // Refused means that the owner went between our attempt to listen and this one: try to listen again.
  socket.on('error', () => undefined);
  socket.resume();
  await new Promise<void>((resolve) => socket.once('close', () => resolve()));
}
