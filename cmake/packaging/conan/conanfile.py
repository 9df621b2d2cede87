"""Conan 2 recipe of the tree that it lies in: conan create cmake/packaging/conan --build=missing"""
import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load, rmdir

ROOT = os.path.join("..", "..", "..")
EXPORTED = ["CMakeLists.txt", "LICENSE", "cmake/*", "include/*", "src/*"]


class ChatappsConan(ConanFile):
    name = "chatapps"
    description = "Message details of the 8x8 Chat Apps API for C++"
    license = "MIT"
    topics = ("8x8", "chat-apps", "messaging", "sdk")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False]}
    default_options = {"shared": False, "fPIC": True}

    def set_version(self):
        header = load(self, os.path.join(self.recipe_folder, ROOT, "include", "chatapps", "version.hpp"))
        self.version = re.search(r'#define CHATAPPS_VERSION "([^"]+)"', header).group(1)

    def export_sources(self):
        for pattern in EXPORTED:
            copy(self, pattern, os.path.join(self.recipe_folder, ROOT), self.export_sources_folder)

    def configure(self):
        if self.options.shared:
            self.options.rm_safe("fPIC")

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        self.requires("libcurl/[>=7.80 <9]")
        self.requires("nlohmann_json/[>=3.10 <4]", visible=False)

    def validate(self):
        check_min_cppstd(self, 17)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        for name, value in {"TESTS": False, "EXAMPLES": False}.items():
            toolchain.cache_variables["CHATAPPS_BUILD_" + name] = value
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        CMake(self).install()
        rmdir(self, os.path.join(self.package_folder, "lib", "cmake"))
        rmdir(self, os.path.join(self.package_folder, "lib", "pkgconfig"))

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "chatapps")
        library = self.cpp_info.components["library"]
        library.set_property("cmake_target_name", "chatapps::chatapps")
        library.set_property("pkg_config_name", "chatapps")
        library.libs = ["chatapps"]
        library.requires = ["libcurl::libcurl", "nlohmann_json::nlohmann_json"]
        if not self.options.shared:
            library.defines = ["CHATAPPS_STATIC"]
        if self.settings.os in ("Linux", "FreeBSD"):
            library.system_libs = ["pthread"]
        testing = self.cpp_info.components["testing"]
        testing.set_property("cmake_target_name", "chatapps::testing")
        testing.libs = ["chatapps_testing"]
        testing.requires = ["library"]
