// Every operation of the product, by slice: the router of the contract, for the server, the typed client and OpenAPI.

export const contract = {};
export type Contract = typeof contract;
