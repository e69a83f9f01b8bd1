// Writes HDF5 as the library's oldest and most widely read form: superblock 0, a B-tree and a local
// heap per group, one block of messages per object, contiguous data.
//
// The file has three sections: objects, strings, data. An object is written after those in it, so
// that their addresses are known; where the strings and data begin is known when all objects are
// written, and is then added to the places that say so.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cornu/core/error.h"
#include "cornu/formats/hdf5.h"
#include "cornu/formats/hdf5_encoding_internal.h"
#include "cornu/formats/hdf5_internal.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::formats {
namespace hdf5 {
namespace {

// A node of a symbol table has 2K entries and one of a B-tree 2K children; these are the library's
// own numbers.
constexpr uint16_t kLeafK = 4;
constexpr uint16_t kInternalK = 16;
constexpr size_t kSymbols = 2 * kLeafK;
constexpr size_t kChildren = 2 * kInternalK;
constexpr size_t kTreeNode = 24 + 8 * (2 * kChildren + 1);

constexpr size_t kMaxMessage = 65'528;   // its length has 16 bits and is a multiple of 8
constexpr size_t kMaxMessages = 65'535;  // of an object

struct Entry {
  std::string_view name;
  const Hdf5Group* group;
  const Hdf5Dataset* dataset;
};

// Where an object was written.
struct Written {
  uint64_t header;
  uint64_t tree = 0, heap = 0;  // of a group
};

// A node of a group's B-tree, or a symbol table node below it.
struct Node {
  uint64_t address;
  uint64_t last_name;  // the greatest of the names in it, as a place in the local heap
};

class Writer {
 public:
  explicit Writer(const Hdf5Group& root) {
    objects_.zeros(kSuperblock);
    root_ = group(root);
    strings_.close();
  }

  Parts parts() {
    const uint64_t strings_at = objects_.size();
    const uint64_t data_at = strings_at + strings_.bytes().size();
    objects_.resolve(strings_at, data_at);
    Bytes all = superblock(data_at + data_size_);
    all.put(objects_.all().subspan(kSuperblock)).put(strings_.bytes().all());
    Parts parts;
    parts.keep({all.all().begin(), all.all().end()});
    static constexpr std::array<std::byte, 8> kZeros = {};
    for (const std::span<const std::byte> data : data_) {
      parts.view(data);
      if (data.size() % 8 != 0) parts.view(std::span(kZeros).first(8 - data.size() % 8));
    }
    return parts;
  }

 private:
  static constexpr size_t kSuperblock = 96;

  Bytes superblock(uint64_t end) const {
    Bytes block;
    block.put(kSignature).zeros(5).put(8, 1).put(8, 1).zeros(1);
    block.put(kLeafK, 2).put(kInternalK, 2).zeros(4);
    block.put(0, 8).put(kUndefined, 8).put(end, 8).put(kUndefined, 8);
    return block.put(symbol(0, root_, true));
  }

  // An entry of a symbol table, with what the library caches of a group.
  static Bytes symbol(uint64_t name, const Written& object, bool is_group) {
    Bytes entry;
    entry.put(name, 8).put(object.header, 8).put(is_group ? 1 : 0, 4).zeros(4);
    return entry.put(object.tree, 8).put(object.heap, 8);
  }

  [[noreturn]] void refuse(std::string what, std::string expected = {}, std::string found = {},
                           std::string hint = {}) const {
    throw Error({.where = "HDF5" + (path_.empty() ? "" : ": " + path_shown(path_)),
                 .what = std::move(what),
                 .expected = std::move(expected),
                 .found = std::move(found),
                 .hint = std::move(hint)});
  }

  // The entries by name, each of which a reader takes.
  std::vector<Entry> entries(const Hdf5Group& group) {
    std::vector<Entry> entries;
    for (const Hdf5Group& each : group.groups) entries.push_back({each.name, &each, nullptr});
    for (const Hdf5Dataset& each : group.datasets) entries.push_back({each.name, nullptr, &each});
    std::ranges::sort(entries, {}, &Entry::name);
    const auto twice = std::ranges::adjacent_find(entries, {}, &Entry::name);
    if (twice != entries.end()) refuse("the name " + shown(twice->name) + " is given twice");
    for (const Entry& entry : entries) {
      const std::string fault = fault_of_link(entry.name);
      if (!fault.empty()) refuse("the name of an entry, " + shown(entry.name), fault);
    }
    objects_written_ += entries.size();
    if (objects_written_ > kMaxObjects) {
      refuse("", fmt::format("at most {} objects", kMaxObjects), "more");
    }
    return entries;
  }

  Written group(const Hdf5Group& group) {
    if (path_.size() > kMaxDepth) {
      refuse(fmt::format("groups are nested more than {} deep", kMaxDepth));
    }
    const std::vector<Entry> entries = this->entries(group);
    std::vector<Written> objects;
    for (const Entry& entry : entries) {
      path_.push_back(entry.name);
      objects.push_back(entry.group != nullptr ? this->group(*entry.group)
                                               : dataset(*entry.dataset));
      path_.pop_back();
    }
    Bytes names;
    names.zeros(8);  // the empty name, before which no other comes
    std::vector<Node> leaves;
    for (size_t first = 0; first < entries.size(); first += kSymbols) {
      const size_t count = std::min(kSymbols, entries.size() - first);
      leaves.push_back({objects_.size(), 0});
      objects_.put("SNOD").put(1, 1).zeros(1).put(count, 2);
      for (size_t i = first; i < first + count; ++i) {
        leaves.back().last_name = names.size();
        objects_.put(symbol(names.size(), objects[i], entries[i].group != nullptr));
        names.put(entries[i].name).zeros(1).align();
      }
      objects_.zeros((kSymbols - count) * 40);
    }
    Written written = {.header = 0, .tree = tree(std::move(leaves)), .heap = objects_.size()};
    objects_.put("HEAP").zeros(4).put(names.size(), 8);
    constexpr uint64_t kHeapPrefix = 32;
    constexpr uint64_t kNoFreeBlock = 1;
    objects_.put(kNoFreeBlock, 8).put(written.heap + kHeapPrefix, 8).put(names);
    Messages messages;
    messages.add(kSymbolTable, 0, Bytes().put(written.tree, 8).put(written.heap, 8));
    written.header = header(std::move(messages), group.attributes);
    return written;
  }

  // Writes the levels of the B-tree over these nodes and returns the address of its root.
  uint64_t tree(std::vector<Node> nodes) {
    for (uint64_t level = 0;; ++level) {
      std::vector<Node> parents;
      uint64_t name_before = 0;
      const uint64_t begin = objects_.size();
      const size_t count = std::max<size_t>(1, (nodes.size() + kChildren - 1) / kChildren);
      for (size_t node = 0; node < count; ++node) {
        const std::span<const Node> children =
            std::span(nodes)
                .subspan(node * kChildren)
                .first(std::min(kChildren, nodes.size() - node * kChildren));
        const uint64_t address = begin + node * kTreeNode;
        objects_.put("TREE").put(0, 1).put(level, 1).put(children.size(), 2);
        objects_.put(node > 0 ? address - kTreeNode : kUndefined, 8);
        objects_.put(node + 1 < count ? address + kTreeNode : kUndefined, 8).put(name_before, 8);
        for (const Node& child : children) {
          objects_.put(child.address, 8).put(child.last_name, 8);
          name_before = child.last_name;
        }
        objects_.zeros(address + kTreeNode - objects_.size());
        parents.push_back({address, name_before});
      }
      if (count == 1) return begin;
      nodes = std::move(parents);
    }
  }

  Written dataset(const Hdf5Dataset& dataset) {
    const std::span<const std::byte> data = dataset.bytes();
    const std::optional<Datatype> type = datatype_named(dataset.type);
    if (!type) {
      refuse("the type " + shown(dataset.type) + " cannot be written",
             "a type of NumPy such as float32, int64, bool, S8");
    }
    const auto nbytes = static_cast<uint64_t>(dataset.shape.size()) * type->size;
    if (nbytes != data.size()) {
      refuse("its data do not match " + dataset.type + " of the shape " + dataset.shape.str(),
             fmt::format("{} bytes", nbytes), std::to_string(data.size()));
    }
    Messages messages;
    messages.add(kDataspace, 0, dataspace_message(dataset.shape));
    messages.add(kDatatype, kConstant, datatype_message(*type));
    // Version 2; space is allocated and filled as late as possible; the value is 0.
    messages.add(kFillValue, kConstant, Bytes().put(2, 1).put(2, 1).put(2, 1).put(1, 1).zeros(4));
    Bytes layout;
    layout.put(3, 1).put(1, 1);  // version 3, contiguous
    if (data.empty()) {
      layout.put(kUndefined, 8);
    } else {
      layout.put_reference(Section::data, data_size_);
      data_.push_back(data);
      data_size_ += (data.size() + 7) / 8 * 8;
    }
    messages.add(kLayout, 0, layout.put(nbytes, 8));
    return {.header = header(std::move(messages), dataset.attributes)};
  }

  // Writes an object header with these messages and attributes, and returns its address.
  uint64_t header(Messages messages, const Value::Map& attributes) {
    std::vector<std::string_view> names;
    for (const auto& [name, value] : attributes) {
      const std::string fault = name.empty() ? "a name" : fault_of_name(name);
      if (!fault.empty()) refuse("the name of an attribute, " + shown(name), fault);
      names.push_back(name);
      Bytes message = attribute_message(name, value);
      if (message.size() > kMaxMessage) {
        refuse("the attribute " + shown(name) + " is too long",
               fmt::format("at most {} bytes", kMaxMessage), std::to_string(message.size()),
               "split the list into several attributes, NAME0, NAME1, …");
      }
      messages.add(kAttribute, 0, message);
    }
    std::ranges::sort(names);
    const auto twice = std::ranges::adjacent_find(names);
    if (twice != names.end()) refuse("the attribute " + shown(*twice) + " is given twice");
    if (messages.count() > kMaxMessages) {
      refuse("", "fewer attributes", std::to_string(names.size()));
    }
    const uint64_t address = objects_.size();
    objects_.put(1, 1).zeros(1).put(messages.count(), 2).put(1, 4);
    objects_.put(messages.bytes().size(), 4).zeros(4).put(messages.bytes());
    return address;
  }

  Bytes attribute_message(std::string_view name, const Value& value) {
    const std::optional<AttributeValue> encoded = encode(value, strings_);
    if (!encoded) {
      refuse("the attribute " + shown(name),
             "text without NUL, a number, a bool, or a list of one of these", value.str());
    }
    const Bytes type = datatype_message(encoded->type);
    const Bytes space = dataspace_message(encoded->shape);
    Bytes message;
    message.put(1, 1).zeros(1).put(name.size() + 1, 2).put(type.size(), 2).put(space.size(), 2);
    message.put(name).zeros(1).align().put(type).align().put(space).align();
    return message.put(encoded->data).align();
  }

  Bytes objects_;
  GlobalHeap strings_;
  std::vector<std::span<const std::byte>> data_;
  uint64_t data_size_ = 0;
  Written root_ = {};
  std::vector<std::string_view> path_;
  size_t objects_written_ = 0;
};

}  // namespace
}  // namespace hdf5

Parts hdf5_parts(const Hdf5Group& root) {
  return hdf5::Writer(root).parts();
}

std::vector<std::byte> write_hdf5(const Hdf5Group& root) {
  return hdf5_parts(root).bytes();
}

}  // namespace cornu::inline v0::formats
