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
/** Nothing heard for so many beats: the connection is dead, whatever the browser believes. */
const SILENCE_BEATS = 3
const BEAT_SECONDS = 20

/** `send` is false where there is no connection now. */
export interface Live {
  stop: () => void
  send: (frame: unknown) => boolean
}

/** Listens until it is stopped. `onEnded`: the session is no longer known. */
export function listen(onFrame: (frame: LiveFrame) => void, onState: (state: LiveState) => void, onEnded: () => void): Live {
  let socket: WebSocket | null = null
  let pause = FIRST_PAUSE_MS
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false
  let beat = BEAT_SECONDS
  let silence: ReturnType<typeof setTimeout> | undefined

  function heard(): void {
    clearTimeout(silence)
    silence = setTimeout(() => socket?.close(), beat * SILENCE_BEATS * 1000)
  }

  function connect(): void {
    if (!navigator.onLine) return onState('waiting') // `online` goes on
    onState('connecting')
    const url = new URL('/api/live', location.href)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    socket = new WebSocket(url)
    socket.onopen = () => {
      pause = FIRST_PAUSE_MS
      heard()
      onState('open')
    }
    socket.onmessage = (event: MessageEvent<string>) => {
      heard()
      let frame: LiveFrame
      try {
        frame = JSON.parse(event.data) as LiveFrame
      } catch {
        return // A frame that is no JSON is not ours.
      }
      if (frame.type === 'welcome' && typeof frame['beat_seconds'] === 'number') beat = frame['beat_seconds']
      onFrame(frame)
    }
    socket.onclose = (event) => {
      clearTimeout(silence)
      clearTimeout(timer)
      if (stopped) return
      if (event.code === NOT_LOGGED_IN) onEnded()
      onState('waiting')
      if (!navigator.onLine) return
      timer = setTimeout(connect, pause + Math.random() * pause)
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
    }
  }

  // The device says at once what a silent connection would tell after a minute.
  const away = (): void => socket?.close()
  const back = (): void => {
    clearTimeout(timer)
    pause = FIRST_PAUSE_MS
    if (socket === null || socket.readyState === WebSocket.CLOSED) connect()
    else timer = setTimeout(back, FIRST_PAUSE_MS)
  }
  addEventListener('offline', away)
  addEventListener('online', back)
  connect()
  return {
    stop: () => {
      stopped = true
      removeEventListener('offline', away)
      removeEventListener('online', back)
      clearTimeout(timer)
      clearTimeout(silence)
      socket?.close()
    },
    send: (frame) => {
      if (socket?.readyState !== WebSocket.OPEN) return false
      socket.send(JSON.stringify(frame))
      return true
    },
  }
}
