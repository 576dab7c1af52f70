import { describe, expect, it } from 'vitest';
import { ListPlaces, type PlacesWanted } from './list-places.js';

const environment = { name: 'prod', naming: { list: '{CODE}_Credentials', user: '{number}-{role}' } };
const wanted = (more: Partial<PlacesWanted> = {}): PlacesWanted => ({ tenant: 'one', placement: 'pooled', beside: undefined, users: 2, ...more });

describe('places in lists', () => {
  it('are filled to the last one, and a tenant is kept together', () => {
    const places = new ListPlaces(new Map([['PROD_Pool_1', 997]]));
    expect([wanted(), wanted(), wanted({ users: 1 })].map((each) => places.take(environment, each))).toEqual(['PROD_Pool_1', 'PROD_Pool_2', 'PROD_Pool_1']);
  });

  it('of a tenant whose list is full are in another one: a phone more is never refused', () => {
    const full = new ListPlaces(new Map([['PROD_Pool_1', 1_000], ['ONE_Credentials', 1_000]]));
    expect(full.take(environment, wanted({ beside: 'PROD_Pool_1', users: 1 }))).toBe('PROD_Pool_2');
    expect(full.take(environment, wanted({ placement: 'dedicated', beside: 'ONE_Credentials', users: 1 }))).toBe('PROD_Pool_2');
  });

  it('are beside those that a tenant has, whatever was declared since', () => {
    const places = new ListPlaces(new Map([['PROD_Pool_2', 10]]));
    expect(places.take(environment, wanted({ placement: 'dedicated', beside: 'PROD_Pool_2', users: 1 }))).toBe('PROD_Pool_2');
  });

  it('of their own are given as long as the account has lists', () => {
    const places = new ListPlaces(new Map(Array.from({ length: 89 }, (_, index) => [`T${index}_Credentials`, 2])));
    expect(['one', 'two'].map((tenant) => places.take(environment, wanted({ tenant, placement: 'dedicated' })))).toEqual(['ONE_Credentials', 'PROD_Pool_1']);
  });
});
