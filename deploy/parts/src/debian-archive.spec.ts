import { describe, expect, it } from 'vitest';
import { archiveAmong, debianSuiteOf } from './debian-archive.js';

describe('the address of the Debian archive', () => {
  it('is the one whose signed release says Debian, not security nor a vendor', () => {
    const rows = [
      'http://vendor.example/apt/|Vendor|Debian|stable',
      'http://archive.example/debian-security/|Debian|Debian-Security|bookworm-security',
      'http://archive.example/debian/|Debian|Debian|bookworm',
    ].join('\n');
    expect(archiveAmong(rows, null)).toBe('http://archive.example/debian/');
  });

  it('is null on a derivative, whose archive holds no sid', () => {
    expect(archiveAmong('http://archive.example/ubuntu/|Ubuntu|Ubuntu|noble\n', null)).toBeNull();
    expect(debianSuiteOf('ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\n')).toBeNull();
  });

  it('is the own suite\'s on a Debian machine that never ran apt-get update', () => {
    const rows = ['http://archive.example/debian-security/|$(ORIGIN)|$(LABEL)|bookworm-security', 'http://archive.example/debian/|$(ORIGIN)|$(LABEL)|bookworm'].join('\n');
    const suite = debianSuiteOf('PRETTY_NAME="Debian"\nID=debian\nVERSION_CODENAME=bookworm\n');
    expect(suite).toBe('bookworm');
    expect(archiveAmong(rows, suite)).toBe('http://archive.example/debian/');
  });

  it('is never a disc', () => {
    expect(archiveAmong('cdrom://[Debian]/|Debian|Debian|bookworm', null)).toBeNull();
    expect(archiveAmong('', 'bookworm')).toBeNull();
  });
});
