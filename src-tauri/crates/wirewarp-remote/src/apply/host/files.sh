# Prints the files of generation $1, and the units as they are installed: `file PATH`, then the content in base64.

print_files() {
  if [ ! -d "$ETC/generations/$1" ]; then
    echo 'end missing'
    return 1
  fi
  (cd "$ETC/generations/$1" && find . -type f | sort) | while read -r path; do
    echo "file ${path#./}"
    base64 "$ETC/generations/$1/$path"
  done
  for path in "$UNITS"/wirewarp*; do
    if [ -f "$path" ]; then
      echo "file installed/${path##*/}"
      base64 "$path"
    fi
  done
  echo 'end files'
}

# Prints the manifest in force in the same way.
print_manifest() {
  if [ ! -e "$ETC/current/manifest.json" ]; then
    echo 'end missing'
    return 1
  fi
  echo 'file manifest.json'
  base64 "$ETC/current/manifest.json"
  echo 'end files'
}
