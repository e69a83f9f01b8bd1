// From the superblock down: groups with the links in them, and datasets with their data's place.

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "cornu/core/error.h"
#include "cornu/formats/hdf5.h"
#include "cornu/formats/hdf5_internal.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::formats {
namespace hdf5 {
namespace {

constexpr const char* kOneFile = "a model's file must have everything in it: save the model anew";

struct Link {
  std::string_view name;
  uint64_t address;
};

// Reads the superblock and returns the address of the root's object header.
uint64_t read_superblock(File& file) {
  constexpr uint64_t kLongest = 100;
  Cursor block = file.at(0, std::min(kLongest, file.size()), "superblock");
  if (file.size() < kSignature.size() || block.text(kSignature.size()) != kSignature) {
    file.corrupt("not an HDF5 file", R"(a file that begins with \x89HDF\r\n\x1a\n)");
  }
  const uint8_t version = block.version(0, 3);
  const bool is_old = version < 2;
  if (is_old) block.skip(4);
  const uint8_t offset_size = block.u8();
  const uint8_t length_size = block.u8();
  if (offset_size != 8 || length_size != 8) {
    file.unsupported("addresses and lengths can only be read if they have 8 bytes",
                     fmt::format("{} and {}", offset_size, length_size));
  }
  if (is_old) block.skip(version == 0 ? 9 : 13);  // sizes of nodes, which are read as they come
  if (!is_old) block.skip(1);
  const uint64_t base = block.u64();
  block.skip(8);  // of the list of free space, or of the superblock's extension
  const uint64_t end = block.u64();
  if (base != 0) file.unsupported("a file that does not begin at address 0", std::to_string(base));
  if (is_old && block.u64() != kUndefined) file.unsupported("a file in several parts");
  if (is_old) block.skip(8);  // where the root's name would be
  const uint64_t root = block.u64();
  if (!is_old) {
    const uint64_t length = block.address();
    if (block.u32() != lookup3(file.at(0, length, "superblock").take(length))) {
      file.corrupt("the checksum of the superblock is wrong");
    }
  }
  if (end > file.size()) {
    file.corrupt("the file is cut off", fmt::format("{} bytes", end), std::to_string(file.size()));
  }
  file.cut(end);
  file.claim(0, std::min(block.address(), end), "superblock");
  return root;
}

// Where the names of an old group's entries are.
class LocalHeap {
 public:
  LocalHeap(File& file, uint64_t address) : data_(data_segment(file, address)) {}

  std::string_view name(uint64_t offset) const {
    Cursor at = data_;
    at.skip(offset);
    return at.text_to_nul();
  }

 private:
  static Cursor data_segment(File& file, uint64_t address) {
    Cursor heap = file.claim(address, 32, "local heap");
    heap.expect("HEAP");
    heap.version(0, 0);
    heap.skip(3);
    const uint64_t size = heap.u64();
    heap.skip(8);  // the first free block
    return file.claim(heap.u64(), size, "local heap's data");
  }

  Cursor data_;
};

class Reader {
 public:
  explicit Reader(File& file) : file_(file), attributes_(file) {}

  Hdf5Group root(uint64_t address) {
    const Header header = read_header(file_, address);
    if (!header.is_group) file_.corrupt("the root is no group");
    return group("", header);
  }

 private:
  Hdf5Group group(std::string_view name, const Header& header) {
    if (file_.depth() > kMaxDepth) {
      file_.corrupt(fmt::format("groups are nested more than {} deep", kMaxDepth));
    }
    Hdf5Group group = {.name = std::string(name)};
    group.attributes = attributes_.read(header.attributes);
    for (const Link& link : links(header)) {
      file_.enter(link.name);
      const Header entry = read_header(file_, link.address);
      if (entry.is_group) {
        group.groups.push_back(this->group(link.name, entry));
      } else {
        group.datasets.push_back(dataset(link.name, entry));
      }
      file_.leave();
    }
    return group;
  }

  // The entries of a group by their names; each name is there once.
  std::vector<Link> links(const Header& header) {
    std::vector<Link> links;
    if (header.symbol_table) {
      Cursor table = *header.symbol_table;
      const uint64_t tree = table.u64();
      const LocalHeap names(file_, table.u64());
      read_tree(tree, {}, names, links);
    }
    for (const Cursor& message : header.links) add(links, read_link(message));
    if (header.dense_links) {
      for (const Cursor& each : read_dense_links(file_, *header.dense_links)) {
        add(links, read_link(each));
      }
    }
    std::ranges::sort(links, {}, &Link::name);
    const auto twice = std::ranges::adjacent_find(links, {}, &Link::name);
    if (twice != links.end()) file_.corrupt("the name " + shown(twice->name) + " is given twice");
    return links;
  }

  void add(std::vector<Link>& links, const Link& link) {
    const std::string fault = fault_of_link(link.name);
    if (!fault.empty()) file_.corrupt("the name of an entry, " + shown(link.name), fault);
    file_.count_text(link.name.size());
    links.push_back(link);
  }

  // A node of the version 1 B-tree over a group's symbol table nodes.
  void read_tree(uint64_t address, std::optional<unsigned> level, const LocalHeap& names,
                 std::vector<Link>& links) {
    constexpr uint64_t kPrefix = 24;
    constexpr uint64_t kEntry = 16;  // a key and the child behind it
    Cursor prefix = file_.at(address, kPrefix, "B-tree node");
    prefix.expect("TREE");
    const uint8_t type = prefix.u8();
    const uint8_t own_level = prefix.u8();
    const uint16_t entries = prefix.u16();
    Cursor node = file_.claim(address, kPrefix + kEntry * entries, "B-tree node");
    if (type != 0 || (level && own_level != *level)) {
      file_.corrupt(fmt::format("the B-tree node at address {}", address),
                    fmt::format("type 0 and level {}", level.value_or(own_level)),
                    fmt::format("{} and {}", type, own_level));
    }
    node.skip(kPrefix);
    for (int i = 0; i < entries; ++i) {
      node.skip(8);  // the key: a name that orders the children
      const uint64_t child = node.u64();
      if (own_level > 0) {
        read_tree(child, own_level - 1U, names, links);
      } else {
        read_symbols(child, names, links);
      }
    }
  }

  void read_symbols(uint64_t address, const LocalHeap& names, std::vector<Link>& links) {
    constexpr uint64_t kPrefix = 8;
    constexpr uint64_t kEntry = 40;
    constexpr uint32_t kSoftLink = 2;
    Cursor prefix = file_.at(address, kPrefix, "symbol table node");
    prefix.expect("SNOD");
    prefix.version(1, 1);
    prefix.skip(1);
    const uint16_t symbols = prefix.u16();
    Cursor node = file_.claim(address, kPrefix + kEntry * symbols, "symbol table node");
    node.skip(kPrefix);
    for (int i = 0; i < symbols; ++i) {
      const uint64_t name = node.u64();
      const Link link = {names.name(name), node.u64()};
      if (node.u32() == kSoftLink) refuse_link("a soft", link.name);
      node.skip(20);  // reserved, and what the library caches
      file_.count_object();
      add(links, link);
    }
  }

  Link read_link(Cursor message) {
    message.version(1, 1);
    const uint8_t flags = message.u8();
    const uint8_t type = (flags & 0x08) != 0 ? message.u8() : 0;
    if ((flags & 0x04) != 0) message.skip(8);  // the order of creation
    if ((flags & 0x10) != 0) message.skip(1);  // whether the name is ASCII or UTF-8
    const uint64_t length = message.number(size_t{1} << (flags & 0x03));
    const std::string_view name = message.text(length);
    if (type == 1) refuse_link("a soft", name);
    if (type == 64) refuse_link("an external", name);
    if (type != 0) refuse_link("a user-defined", name);
    return {name, message.u64()};
  }

  [[noreturn]] void refuse_link(const char* kind, std::string_view name) {
    file_.unsupported(fmt::format("{} is {} link, which is not followed", shown(name), kind), {},
                      kOneFile);
  }

  Hdf5Dataset dataset(std::string_view name, const Header& header) {
    Hdf5Dataset dataset;
    dataset.name = std::string(name);
    dataset.attributes = attributes_.read(header.attributes);
    if (is_in_other_files(header)) {
      file_.unsupported("its data are in another file, which is not opened", {}, kOneFile);
    }
    try {
      describe_dataset(file_, header, dataset);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::unsupported) throw;
      file_.count_problem();
      dataset.problem = std::make_shared<const Error>(error);
    }
    return dataset;
  }

  File& file_;
  AttributeReader attributes_;
};

}  // namespace
}  // namespace hdf5

namespace {

// Entries are sorted by name when a file was read, and perhaps not when it is being made.
template <class Entry>
Entry* entry_named(std::vector<Entry>& entries, std::string_view name) {
  const auto near = std::ranges::lower_bound(entries, name, {}, &Entry::name);
  if (near != entries.end() && near->name == name) return &*near;
  const auto found = std::ranges::find(entries, name, &Entry::name);
  return found == entries.end() ? nullptr : &*found;
}

// Splits off the first name of a path.
std::string_view first_of(std::string_view& path) {
  const size_t slash = std::min(path.find('/'), path.size());
  const std::string_view name = path.substr(0, slash);
  path.remove_prefix(std::min(slash + 1, path.size()));
  return name;
}

}  // namespace

const Hdf5Group* Hdf5Group::group(std::string_view path) const {
  auto* group = const_cast<Hdf5Group*>(this);
  while (group != nullptr && !path.empty()) group = entry_named(group->groups, first_of(path));
  return group;
}

const Hdf5Dataset* Hdf5Group::dataset(std::string_view path) const {
  const size_t slash = path.rfind('/');
  const bool is_here = slash == path.npos;
  const Hdf5Group* group = is_here ? this : this->group(path.substr(0, slash));
  if (group == nullptr) return nullptr;
  return entry_named(const_cast<Hdf5Group*>(group)->datasets,
                     is_here ? path : path.substr(slash + 1));
}

Hdf5Group& Hdf5Group::make_group(std::string_view path) {
  Hdf5Group* group = this;
  while (!path.empty()) {
    const std::string_view first = first_of(path);
    Hdf5Group* found = entry_named(group->groups, first);
    if (found == nullptr) {
      found = &group->groups.emplace_back(Hdf5Group{.name = std::string(first)});
    }
    group = found;
  }
  return *group;
}

const Value* Hdf5Group::attribute(std::string_view key) const {
  const auto found = std::ranges::find(attributes, key, &Value::Map::value_type::first);
  return found == attributes.end() ? nullptr : &found->second;
}

uint64_t Hdf5Dataset::nbytes() const {
  if (problem) throw *problem;
  return stored.source != nullptr ? stored.nbytes : data.size();
}

std::span<const std::byte> Hdf5Dataset::bytes() const {
  const uint64_t size = nbytes();
  return stored.source != nullptr ? stored.source->view(stored.address, size) : data;
}

void Hdf5Dataset::read(uint64_t begin, std::span<std::byte> to,
                       const ByteSource::Arrived& arrived) const {
  if (begin > nbytes() || to.size() > nbytes() - begin) {
    throw Error({.where = "Hdf5Dataset: " + name,
                 .expected = fmt::format("a part of {} bytes", nbytes()),
                 .found = fmt::format("{} from byte {} on", to.size(), begin)});
  }
  if (stored.source != nullptr) return stored.source->read(stored.address + begin, to, arrived);
  MemoryBytes(data).read(begin, to, arrived);
}

bool Hdf5Dataset::is_at_hand(uint64_t begin) const {
  return stored.source == nullptr || stored.source->is_at_hand(stored.address + begin);
}

namespace {

// The source is gone when the reader returns, and the memory is not.
void put_in_memory(Hdf5Group& group) {
  for (Hdf5Dataset& each : group.datasets) {
    if (each.problem) continue;
    each.data = each.bytes();
    each.stored = {};
  }
  for (Hdf5Group& each : group.groups) put_in_memory(each);
}

}  // namespace

Hdf5Group read_hdf5(ByteSource& source, const std::string& where) {
  hdf5::File file(source, where);
  const uint64_t root = hdf5::read_superblock(file);
  return hdf5::Reader(file).root(root);
}

Hdf5Group read_hdf5(std::span<const std::byte> bytes, const std::string& where) {
  MemoryBytes source(bytes);
  Hdf5Group root = read_hdf5(source, where);
  put_in_memory(root);
  return root;
}

}  // namespace cornu::inline v0::formats
