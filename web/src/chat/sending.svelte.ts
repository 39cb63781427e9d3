/** A file on its way: sealed and sent chunk by chunk, and taken up where it was interrupted. */

import { bytesToUuid, equal, fromBase64, sha256, type Bytes } from '../bytes.ts'
import { Refused, Unreachable } from '../network/requests.ts'
import { talks } from '../network/talks.ts'
import { forget, keep, recall } from '../vault.ts'
import type { FileSaid } from './contents.ts'
import { announce, chunksOf, openFile, sealChunk } from './files.ts'
import { granted, Refusal } from './refusals.ts'
import type { Talk } from './talk.svelte.ts'

const fileId = (file: FileSaid): string => bytesToUuid(fromBase64(file.id))

export class FileSending {
  readonly file: FileSaid
  sent = $state(0)
  paused = $state(false)
  readonly chunks: number
  readonly #talk: Talk
  readonly #content: Bytes
  /** Given up, or the page has left the conversation. */
  #over = false
  /** From here on it is said: it is not given up any more. */
  #said = false

  constructor(talk: Talk, file: FileSaid, content: Bytes) {
    this.#talk = talk
    this.file = file
    this.#content = content
    this.chunks = chunksOf(file.size)
  }

  /** Until it is whole and announced, interrupted (`paused`) or given up. The talk's `sending` as long as it goes on. */
  async run(): Promise<void> {
    try {
      if (!(await this.#send())) return
      this.#said = true
      await Promise.all([this.#talk.put(this.file), forget(this.#talk.filePlace).then(() => this.#leave())])
    } catch (error) {
      this.#leave()
      throw error
    }
  }

  #leave(): void {
    if (this.#talk.sending === this) this.#talk.sending = null
  }

  async #send(): Promise<boolean> {
    this.paused = false
    const conversation = this.#talk.setting.answer.conversation
    try {
      const there = new Set((await talks.beginFile(this.#talk.id, { id: fileId(this.file), chunks: this.chunks })).received)
      this.sent = there.size
      for (let number = 0; number < this.chunks; number++) {
        if (this.#over) return false
        if (there.has(number)) continue
        await talks.putChunk(this.#talk.id, fileId(this.file), number, await sealChunk(this.file, conversation, this.#content, number))
        this.sent++
      }
    } catch (error) {
      // What is given up is taken away while a chunk may be on its way.
      if (this.#over) return false
      if (!(error instanceof Unreachable)) throw error
      this.paused = true
      return false
    }
    return !this.#over
  }

  /** What was sent stays, and is gone on with later. */
  stop(): void {
    this.#over = true
  }

  async giveUp(): Promise<void> {
    if (this.#said) return
    this.#over = true
    await forgetBegun(this.#talk, this.file)
    this.#leave()
    await erase(this.#talk, this.file)
  }
}

/** A file that was begun before the page was closed; null: none. */
export const interrupted = (talk: Talk): Promise<FileSaid | null> => recall<FileSaid>(talk.filePlace)

export async function discard(talk: Talk, file: FileSaid): Promise<void> {
  await forgetBegun(talk, file)
  await erase(talk, file)
}

/** Another file may be on its way meanwhile. */
async function forgetBegun(talk: Talk, file: FileSaid): Promise<void> {
  if ((await interrupted(talk))?.id === file.id) await forget(talk.filePlace)
}

async function erase(talk: Talk, file: FileSaid): Promise<void> {
  await talks.eraseFile(talk.id, fileId(file)).catch((error: unknown) => {
    if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error
  })
}

/** The same file as one that was interrupted goes on under its keys; another begins anew. Null: one is on its way. Throws TalkRefused for one too large. */
export async function begin(talk: Talk, chosen: File): Promise<FileSending | null> {
  const content = new Uint8Array(await chosen.arrayBuffer())
  const before = await interrupted(talk)
  const same = before && before.size === content.length && equal(await sha256(content), fromBase64(before.digest))
  const announced = same ? before : announce(content, chosen.name, chosen.type || 'application/octet-stream', talk.sentAt)
  const file = announced instanceof Refusal ? granted<FileSaid>(announced) : announced
  if (talk.sending) return null
  const sending = new FileSending(talk, file, content)
  talk.sending = sending
  await keep(talk.filePlace, file)
  return sending
}

/** The content; `told` hears how much has come. Throws TalkRefused where it is not what was announced. */
export async function fetchFile(talk: Talk, file: FileSaid, told: (done: number, of: number) => void): Promise<Bytes> {
  const of = chunksOf(file.size)
  const fetchChunk = async (number: number): Promise<Bytes> => {
    const chunk = await talks.chunk(talk.id, fileId(file), number)
    told(number + 1, of)
    return chunk
  }
  return granted(await openFile(file, talk.setting.answer.conversation, fetchChunk))
}

/** Into the reader's own folder, as octets: nothing of a peer is ever opened by the page. */
export function saveAs(content: Uint8Array, name: string): void {
  const url = URL.createObjectURL(new Blob([content as Bytes], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
