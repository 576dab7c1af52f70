import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { toProblem } from '@troncal/chassis';
import { TroncalError } from '@troncal/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { disposition, gonePage, offerPage } from './sheet-page.js';
import type { SheetFile } from './sheet-file.js';
import { TakeSheet, type Taker } from './take-sheet.js';

type LinkRequest = FastifyRequest<{ Params: { token: string; file?: string } }>;

/**
 * The links themselves, open to whoever has one: the token is the key. A person reads a page and presses its button (POST); a device
 * fetches its file (GET). Reading the page, and HEAD of either, use nothing up. Nothing here may be cached, indexed, framed or told to
 * another site as referrer.
 */
@Controller('sheets')
export class SheetLinksController {
  constructor(private readonly takeSheet: TakeSheet) {}

  @Get(':token')
  async offer(@Req() request: LinkRequest, @Res() reply: FastifyReply): Promise<void> {
    await answered(reply, 'page', async () => {
      const sheet = await this.takeSheet.look(request.params.token);
      await html(reply, 200, offerPage(sheet));
    });
  }

  @Post(':token')
  async take(@Req() request: LinkRequest, @Res() reply: FastifyReply): Promise<void> {
    await answered(reply, 'page', async () => {
      await handOver(reply, await this.takeSheet.run(request.params.token, takerOf(request)));
    });
  }

  /** Fastify answers HEAD by the handler of GET (`exposeHeadRoutes`), so it has to be told apart here. */
  @Get(':token/:file')
  async fetched(@Req() request: LinkRequest, @Res() reply: FastifyReply): Promise<void> {
    const { token, file = '' } = request.params;
    await answered(reply, 'problem', async () => {
      const asked = { ...takerOf(request), file };
      await handOver(reply, request.method === 'HEAD' ? (await this.takeSheet.peek(token, file)).content : await this.takeSheet.run(token, asked));
    });
  }
}

/** Answers by `serve`, or says why not: a person by a page, a device by a problem. */
async function answered(reply: FastifyReply, to: 'page' | 'problem', serve: () => Promise<void>): Promise<void> {
  void reply
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .header('x-robots-tag', 'noindex, nofollow')
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
  try {
    await serve();
  } catch (error) {
    if (to === 'problem' || !(error instanceof TroncalError)) throw error;
    const { problem } = toProblem(error);
    await html(reply, problem.status, gonePage(problem.code, problem.detail));
  }
}

async function handOver(reply: FastifyReply, { fileName, mediaType, body }: SheetFile): Promise<void> {
  const treated = disposition(mediaType.startsWith('text/html'), fileName);
  await reply.status(200).header('content-type', mediaType).header('content-disposition', treated).send(body);
}

async function html(reply: FastifyReply, status: number, page: string): Promise<void> {
  await reply.status(status).header('content-type', 'text/html; charset=utf-8').send(page);
}

/** What the request says of whoever sent it: hints for the audit, in which nothing but visible characters has a place. */
function takerOf(request: FastifyRequest): Taker {
  const forwarded = request.headers['x-forwarded-for'];
  const from = typeof forwarded === 'string' ? forwarded : (request.socket.remoteAddress ?? '');
  return { from: visible(from, 100), userAgent: visible(request.headers['user-agent'] ?? '', 200) };
}

const visible = (value: string, most: number): string => value.replaceAll(/[^ -~]/g, '').slice(0, most);
