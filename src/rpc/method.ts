import type { FloodClass } from '../limits.ts'
import type { FilePiece } from '../mtproto/host.ts'
import type { MethodName, Methods } from '../tl/index.ts'
import type { Ctx } from './context.ts'

export type { MethodName }
export type Params<N extends MethodName> = Methods[N]['params']
export type Result<N extends MethodName> = Methods[N]['result']

/** Bytes that the layer below reads. */
export type Piece = Pick<FilePiece, 'file' | 'length' | 'load'>

export interface MethodOptions<N extends MethodName = MethodName> {
  /** May be called before anybody signed in. */
  anonymous?: boolean
  /** May be called over a temporary key that is bound to nothing. */
  unbound?: boolean
  flood?: FloodClass
  /** Keeps none of the request's bytes once it has answered: their memory is used again then. */
  keepsNothing?: boolean
  /** The piece of a file that is the last field of this answer, if it is not in the answer itself. */
  pieceOf?(result: Result<N>): Piece | undefined
}

export interface Method<N extends MethodName = MethodName> extends MethodOptions<N> {
  readonly name: N
  run(ctx: Ctx, req: Params<N>): Promise<Result<N>>
}

/** Where methods come from: their code may be loaded when they are first called. */
export interface MethodSource {
  /** Undefined also while it is not loaded. */
  get(name: string): Method | undefined
  /** Undefined for a method that is not written. */
  load(name: string): Promise<Method | undefined>
}

type Run = { [N in MethodName]: (ctx: Ctx, req: Params<N>) => Promise<Result<N>> }

/** A method of the API: its TL name, and what it does. One per file, the file named like it. */
export function method<N extends MethodName>(name: N, run: Run[N], options: MethodOptions<N> = {}): Method<N> {
  return { name, run: run as Method<N>['run'], ...options }
}
