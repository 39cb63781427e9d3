/** The live feed: one websocket, reconnected with growing pauses; what it says is a hint to read again, never the data itself. */

export interface LiveFrame {
  type: string
  month?: string
  [more: string]: unknown
}

export type LiveState = 'connecting' | 'open' | 'waiting'

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000

/** The server's word that the session is over. */
const NOT_LOGGED_IN = 4401

/** Listens until the returned function is called. `onEnded`: the session is no longer known. */
export function listen(onFrame: (frame: LiveFrame) => void, onState: (state: LiveState) => void, onEnded: () => void): () => void {
  let socket: WebSocket | null = null
  let pause = FIRST_PAUSE_MS
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false

  function connect(): void {
    onState('connecting')
    const url = new URL('/api/live', location.href)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    socket = new WebSocket(url)
    socket.onopen = () => {
      pause = FIRST_PAUSE_MS
      onState('open')
    }
    socket.onmessage = (event: MessageEvent<string>) => {
      try {
        onFrame(JSON.parse(event.data) as LiveFrame)
      } catch {
        // A frame that is no JSON is not ours.
      }
    }
    socket.onclose = (event) => {
      if (stopped) return
      if (event.code === NOT_LOGGED_IN) onEnded()
      onState('waiting')
      timer = setTimeout(connect, pause + Math.random() * pause)
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
    }
  }

  connect()
  return () => {
    stopped = true
    clearTimeout(timer)
    socket?.close()
  }
}
