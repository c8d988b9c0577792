#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>

/// Runs the fuzz target without a fuzzer, so that every build can: over the whole corpus, then over texts made of it by
/// a few simple mutations, the same ones each time. `replay CORPUS MUTANTS`.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

std::vector<std::string> read_corpus(const fs::path& folder) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> texts;
  for (const fs::path& path : paths) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    texts.push_back(text.str());
  }
  return texts;
}

using Random = std::mt19937;

/// Not a distribution of the standard library: those differ from one to the next.
std::size_t below(Random& random, std::size_t bound) { return bound == 0 ? 0 : random() % bound; }

/// A stretch of the text that begins and ends at blanks, so that most mutants are made of words.
std::pair<std::size_t, std::size_t> stretch(const std::string& text, Random& random) {
  std::size_t begin = below(random, text.size());
  while (begin > 0 && text[begin - 1] != ' ' && text[begin - 1] != '\n') --begin;
  std::size_t end = begin;
  for (std::size_t words = 1 + below(random, 6); words > 0 && end < text.size(); --words) {
    end = std::min(text.find_first_of(" \n", end + 1), text.size());
  }
  return {begin, end};
}

std::string mutated(std::string text, const std::vector<std::string>& corpus, Random& random) {
  for (std::size_t rounds = 1 + below(random, 3); rounds > 0 && !text.empty(); --rounds) {
    const auto [begin, end] = stretch(text, random);
    const std::string& other = corpus[below(random, corpus.size())];
    const auto [from, until] = stretch(other, random);
    switch (below(random, 5)) {
      case 0: text.erase(begin, end - begin); break;
      case 1: text.insert(begin, text.substr(begin, end - begin)); break;
      case 2: text.replace(begin, end - begin, other.substr(from, until - from)); break;
      case 3: text.insert(begin, other.substr(from, until - from)); break;
      default: text[below(random, text.size())] = static_cast<char>(below(random, 256)); break;
    }
  }
  return text;
}

/// Whether the promises held; says for which input they did not.
bool feed(const std::string& text) {
  try {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    return true;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n--- the input\n{}\n---\n", error.what(), text);
    return false;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "replay CORPUS MUTANTS\n");
    return EXIT_FAILURE;
  }
  const std::vector<std::string> corpus = read_corpus(argv[1]);
  if (corpus.empty()) {
    fmt::print(stderr, "{} holds nothing to replay\n", argv[1]);
    return EXIT_FAILURE;
  }
  std::size_t failed = 0;
  for (const std::string& text : corpus) failed += feed(text) ? 0 : 1;
  Random random(20'260'201);
  const std::size_t mutants = std::strtoul(argv[2], nullptr, 10);
  for (std::size_t i = 0; i < mutants && failed == 0; ++i) {
    const std::string& seed = corpus[below(random, corpus.size())];
    failed += feed(mutated(seed, corpus, random)) ? 0 : 1;
  }
  fmt::print("{} inputs of the corpus and {} mutants of them, {} failed\n", corpus.size(), mutants, failed);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
