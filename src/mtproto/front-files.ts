// Pieces of files that a thread of connections reads by itself, once the main thread has said that they may be had.
import { OpenFiles } from '../open-files.ts'
import type { FilePiece, FileRange, Outgoing } from './host.ts'
import { release } from './pieces.ts'
import { takePiece } from './slabs.ts'

const files = new OpenFiles()

/** An answer that begins with `head` and ends with `length` bytes of a file. */
export function fileAnswer(file: FileRange, length: number, head: Uint8Array): Outgoing {
  const piece: FilePiece = {
    file,
    length,
    bytes: undefined,
    load: () => files.read(file.path, file.offset, length, takePiece(length)),
    head: (w) => w.query(head),
  }
  const out: Outgoing = (w) => piece.head(w)
  out.piece = piece
  out.free = () => release(piece)
  return out
}
