const answer = await fetch(`http://localhost:${process.env.PORT ?? 8080}/health`).catch(() => ({ ok: false }));
process.exitCode = answer.ok ? 0 : 1;
