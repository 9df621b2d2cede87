#!/usr/bin/env bash
# release.sh [FOLDER]: what a release consists of, made of the last commit into FOLDER (default: build/release):
#   chatapps-VERSION.tar.gz   the sources; the same commit gives the same bytes
#   chatapps-VERSION.spdx.json  what is in it and what it is built with (SPDX 2.3)
#   SHA256SUMS
# It makes no tag and sends nothing anywhere.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/cmake/steps.sh"
out=${1:-$root/build/release}
mkdir -p "$out"
out=$(cd "$out" && pwd)
export LC_ALL=C TZ=UTC

at_head() { git -C "$root" show "HEAD:$1"; }
version=$(at_head include/chatapps/version.hpp | sed -n 's/^#define CHATAPPS_VERSION "\(.*\)".*/\1/p')
name=chatapps-$version
at_head CHANGELOG.md | grep -q "^## $version\b" || { say "CHANGELOG.md does not tell of $version" && exit 1; }
[ -z "$(git -C "$root" status --porcelain)" ] || say "- What is not committed is left out"

rm -f "$out/$name".* "$out/SHA256SUMS"
# git gives every file the time of the commit; gzip -n adds neither name nor time.
git -C "$root" archive --format=tar --prefix="$name/" HEAD | gzip -9n >"$out/$name.tar.gz"

sum() { sha256sum "$1" | cut -d ' ' -f 1; }
created=$(git -C "$root" show -s --format=%cd --date=format-local:%Y-%m-%dT%H:%M:%SZ HEAD)
archive_sum=$(sum "$out/$name.tar.gz")

# dependency NAME FLOOR LICENCE: a package that is not in the archive.
dependency() {
  cat <<END
    {
      "SPDXID": "SPDXRef-$1",
      "name": "$1",
      "versionInfo": ">= $2",
      "licenseDeclared": "$3",
      "licenseConcluded": "NOASSERTION",
      "downloadLocation": "NOASSERTION",
      "filesAnalyzed": false,
      "copyrightText": "NOASSERTION"
    }
END
}
relationship() { printf '    {"spdxElementId": "%s", "relationshipType": "%s", "relatedSpdxElement": "%s"}' "$1" "$2" "$3"; }
# Every file of the archive with its checksums, a line each.
files() {
  local work
  work=$(mktemp -d)
  tar -xzf "$out/$name.tar.gz" -C "$work"
  cd "$work/$name"
  find . -type f -print0 | sort -z >../list
  xargs -0 sha1sum <../list >../sha1
  xargs -0 sha256sum <../list | cut -c 1-64 | paste -d ' ' - ../sha1 | awk '{
    path = substr($0, 64 + 1 + 40 + 2 + 1)
    printf "%s    {\"SPDXID\": \"SPDXRef-file-%d\", \"fileName\": \"%s\", ", (NR > 1 ? ",\n" : ""), NR, path
    printf "\"checksums\": [{\"algorithm\": \"SHA1\", \"checksumValue\": \"%s\"}, ", $2
    printf "{\"algorithm\": \"SHA256\", \"checksumValue\": \"%s\"}], ", $1
    printf "\"licenseConcluded\": \"MIT\", \"licenseInfoInFiles\": [\"NOASSERTION\"], \"copyrightText\": \"NOASSERTION\"}"
  }'
  cd "$root"
  rm -rf "$work"
}
listed=$(files)
# SPDX's own definition: the SHA1 of all files' SHA1s, sorted.
verification=$(grep -o '"SHA1", "checksumValue": "[0-9a-f]*' <<<"$listed" | cut -d '"' -f 6 | sort | tr -d '\n' | sha1sum | cut -d ' ' -f 1)
count=$(grep -c SPDXRef-file- <<<"$listed")
{
  cat <<END
{
  "spdxVersion": "SPDX-2.3",
  "dataLicense": "CC0-1.0",
  "SPDXID": "SPDXRef-DOCUMENT",
  "name": "$name",
  "documentNamespace": "urn:sha256:$archive_sum",
  "creationInfo": {"created": "$created", "creators": ["Tool: cmake/release.sh"]},
  "packages": [
    {
      "SPDXID": "SPDXRef-chatapps",
      "name": "chatapps",
      "versionInfo": "$version",
      "packageFileName": "$name.tar.gz",
      "checksums": [{"algorithm": "SHA256", "checksumValue": "$archive_sum"}],
      "packageVerificationCode": {"packageVerificationCodeValue": "$verification"},
      "licenseDeclared": "MIT",
      "licenseConcluded": "MIT",
      "downloadLocation": "NOASSERTION",
      "copyrightText": "NOASSERTION"
    },
END
  dependency libcurl 7.80 curl && echo ,
  dependency nlohmann-json 3.10 MIT && echo ,
  dependency CLI11 2.1 BSD-3-Clause && echo ,
  dependency cpp-httplib 0.11 MIT && echo ,
  dependency hiredis 0.14 BSD-3-Clause && echo ,
  dependency openssl 1.1.1 "OpenSSL OR Apache-2.0"
  printf '  ],\n  "files": [\n%s\n  ],\n  "relationships": [\n' "$listed"
  relationship SPDXRef-DOCUMENT DESCRIBES SPDXRef-chatapps && echo ,
  relationship SPDXRef-chatapps DEPENDS_ON SPDXRef-libcurl && echo ,
  relationship SPDXRef-nlohmann-json BUILD_DEPENDENCY_OF SPDXRef-chatapps && echo ,
  relationship SPDXRef-CLI11 OPTIONAL_DEPENDENCY_OF SPDXRef-chatapps && echo ,
  relationship SPDXRef-cpp-httplib OPTIONAL_DEPENDENCY_OF SPDXRef-chatapps && echo ,
  relationship SPDXRef-hiredis OPTIONAL_DEPENDENCY_OF SPDXRef-chatapps && echo ,
  relationship SPDXRef-openssl OPTIONAL_DEPENDENCY_OF SPDXRef-chatapps
  for ((i = 1; i <= count; ++i)); do
    echo ,
    relationship SPDXRef-chatapps CONTAINS SPDXRef-file-$i
  done
  printf '\n  ]\n}\n'
} >"$out/$name.spdx.json"
(cd "$out" && sha256sum "$name.tar.gz" "$name.spdx.json" >SHA256SUMS)
say "- $out: $name.tar.gz, $name.spdx.json, SHA256SUMS"
