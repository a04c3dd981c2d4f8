«type Call = (method: string, data: unknown) => Promise<any>;

»